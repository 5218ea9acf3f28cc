@NullMarked
package com.cognitionos.alert.control;

import org.jspecify.annotations.NullMarked;
