/** Tenants, their settings and test clocks. */
@NullMarked
package com.cognitionos.tenancy.rest;

import org.jspecify.annotations.NullMarked;
