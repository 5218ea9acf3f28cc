@NullMarked
package com.cognitionos.mail.control;

import org.jspecify.annotations.NullMarked;
