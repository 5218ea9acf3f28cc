@NullMarked
package com.cognitionos.gateway.control;

import org.jspecify.annotations.NullMarked;
