@NullMarked
package com.cognitionos.kernel.portal;

import org.jspecify.annotations.NullMarked;
