/** The catalogue: as anybody may read it, and as finance makes it. */
@NullMarked
package com.cognitionos.catalog.rest;

import org.jspecify.annotations.NullMarked;
