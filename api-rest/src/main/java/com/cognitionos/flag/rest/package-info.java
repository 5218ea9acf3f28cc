/** Feature flags, for operators. */
@NullMarked
package com.cognitionos.flag.rest;

import org.jspecify.annotations.NullMarked;
