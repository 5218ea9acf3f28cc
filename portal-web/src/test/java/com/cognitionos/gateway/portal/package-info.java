@NullMarked
package com.cognitionos.gateway.portal;

import org.jspecify.annotations.NullMarked;
