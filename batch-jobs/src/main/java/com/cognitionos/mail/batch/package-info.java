/** Sends mails that wait. */
@NullMarked
package com.cognitionos.mail.batch;

import org.jspecify.annotations.NullMarked;
