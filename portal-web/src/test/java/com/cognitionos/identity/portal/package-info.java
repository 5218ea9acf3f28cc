@NullMarked
package com.cognitionos.identity.portal;

import org.jspecify.annotations.NullMarked;
