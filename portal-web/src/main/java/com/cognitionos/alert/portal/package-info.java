/** What people are told of usage and spend. */
@NullMarked
package com.cognitionos.alert.portal;

import org.jspecify.annotations.NullMarked;
