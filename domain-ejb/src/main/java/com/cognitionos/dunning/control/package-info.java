@NullMarked
package com.cognitionos.dunning.control;

import org.jspecify.annotations.NullMarked;
