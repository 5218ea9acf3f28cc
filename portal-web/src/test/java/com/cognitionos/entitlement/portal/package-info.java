@NullMarked
package com.cognitionos.entitlement.portal;

import org.jspecify.annotations.NullMarked;
