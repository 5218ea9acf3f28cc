@NullMarked
package com.cognitionos.entitlement.control;

import org.jspecify.annotations.NullMarked;
