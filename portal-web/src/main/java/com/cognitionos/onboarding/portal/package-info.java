/** Signing up. */
@NullMarked
package com.cognitionos.onboarding.portal;

import org.jspecify.annotations.NullMarked;
