/**
 * The rules of money as pure functions: no clock, no database, no state. The same history always gives the same lines.
 * Amounts are {@code long} in the currency's minor unit; what lies between is exact, and is rounded once, half up.
 */
@NullMarked
package com.cognitionos.rating.entity;

import org.jspecify.annotations.NullMarked;
