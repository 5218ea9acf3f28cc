@NullMarked
package com.cognitionos.alert.boundary;

import org.jspecify.annotations.NullMarked;
