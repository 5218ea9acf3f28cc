@NullMarked
package com.cognitionos.identity.control;

import org.jspecify.annotations.NullMarked;
