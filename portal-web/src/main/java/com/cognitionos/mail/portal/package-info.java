/** The mails that a demo sends to nobody. */
@NullMarked
package com.cognitionos.mail.portal;

import org.jspecify.annotations.NullMarked;
