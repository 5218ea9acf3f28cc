/** The API keys themselves. */
@NullMarked
package com.cognitionos.gateway.rest;

import org.jspecify.annotations.NullMarked;
