/** What a tenant may use. */
@NullMarked
package com.cognitionos.entitlement.rest;

import org.jspecify.annotations.NullMarked;
