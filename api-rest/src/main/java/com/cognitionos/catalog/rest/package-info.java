/** The plans, as anybody may read them. */
@NullMarked
package com.cognitionos.catalog.rest;

import org.jspecify.annotations.NullMarked;
