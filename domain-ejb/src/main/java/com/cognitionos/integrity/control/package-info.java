@NullMarked
package com.cognitionos.integrity.control;

import org.jspecify.annotations.NullMarked;
