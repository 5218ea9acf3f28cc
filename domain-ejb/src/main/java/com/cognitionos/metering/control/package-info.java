@NullMarked
package com.cognitionos.metering.control;

import org.jspecify.annotations.NullMarked;
