/**
 * Signing in by a tenant's identity provider, and naming it.
 *
 * <p>{@code /sso-sign-in} asks for the company's short name, {@code /sso/start?tenant=} sends the browser to its provider,
 * {@code /sso/callback} takes it back; {@code /sso} is where the tenant says which provider.
 */
@NullMarked
package com.cognitionos.sso.portal;

import org.jspecify.annotations.NullMarked;
