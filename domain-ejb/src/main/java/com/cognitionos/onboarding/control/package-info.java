@NullMarked
package com.cognitionos.onboarding.control;

import org.jspecify.annotations.NullMarked;
