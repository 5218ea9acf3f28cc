/**
 * Mail to people.
 *
 * <ul>
 *   <li>MAI-1 A mail is queued in its sender's transaction and sent after its commit, outside of any transaction.
 *   <li>MAI-2 One that cannot be sent is tried again, ever more rarely, for three days; what the mail server refuses for
 *       good is given up at once. A crash between sending and noting it sends it twice, with the same Message-ID.
 *   <li>MAI-3 The text is kept sealed and is gone once the mail is sent or given up.
 *   <li>MAI-4 Without a mail server a demo puts its mails into files that the portal shows; anything else keeps them
 *       queued and says so in the log.
 *   <li>MAI-5 Links begin with the configured address, never with what a request says of itself.
 * </ul>
 */
@NullMarked
package com.cognitionos.mail.boundary;

import org.jspecify.annotations.NullMarked;
