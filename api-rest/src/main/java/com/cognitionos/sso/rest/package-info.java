/** How a tenant's people sign in by its own identity provider. */
@NullMarked
package com.cognitionos.sso.rest;

import org.jspecify.annotations.NullMarked;
