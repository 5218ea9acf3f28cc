/** Checks of what is stored, for operators. */
@NullMarked
package com.cognitionos.integrity.rest;

import org.jspecify.annotations.NullMarked;
