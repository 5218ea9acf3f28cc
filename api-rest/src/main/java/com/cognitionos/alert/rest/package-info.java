/** Alerts about usage and spend, and budgets. */
@NullMarked
package com.cognitionos.alert.rest;

import org.jspecify.annotations.NullMarked;
