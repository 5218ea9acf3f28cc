/** Mail to people. */
@NullMarked
package com.cognitionos.mail.boundary;

import org.jspecify.annotations.NullMarked;
