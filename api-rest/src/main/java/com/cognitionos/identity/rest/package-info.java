/** The people of a tenant and of the platform. */
@NullMarked
package com.cognitionos.identity.rest;

import org.jspecify.annotations.NullMarked;
