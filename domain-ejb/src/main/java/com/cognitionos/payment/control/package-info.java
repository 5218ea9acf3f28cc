@NullMarked
package com.cognitionos.payment.control;

import org.jspecify.annotations.NullMarked;
