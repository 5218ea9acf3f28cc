/**
 * Signing in by a tenant's own identity provider: OpenID Connect, authorization code with PKCE.
 *
 * <ul>
 *   <li>SSO-1 A tenant whose plan has the feature {@code sso} names one provider; its client secret is sealed and never
 *       shown again, and is asked for anew when the provider changes.
 *   <li>SSO-2 An ID token counts only with a signature by a key of the provider, under an asymmetric algorithm that it
 *       announces, and with the right issuer, audience, times and nonce.
 *   <li>SSO-3 A sign-in that was begun ends in the same browser session, within 10 minutes, once.
 *   <li>SSO-4 A person is known by issuer and subject. The first time, a verified address in one of the tenant's domains
 *       leads to a member of the tenant or, where people are provisioned and a seat is free, makes one.
 *   <li>SSO-5 The provider of a tenant lets people into that tenant and nowhere else, and changes nothing of what they
 *       are elsewhere.
 *   <li>SSO-6 An unknown tenant and one without single sign-on get the same answer.
 *   <li>SSO-7 An owner comes in only by settings that an owner or the operator has saved: else an administrator could
 *       name a provider that calls them the owner.
 *   <li>SSO-8 The provider is reached by {@link com.cognitionos.kernel.Egress} and outside of transactions. Its documents
 *       are kept for 10 minutes; its keys are fetched again for an unknown one, at most once a minute for each tenant.
 *   <li>SSO-9 Where a tenant requires it, a session that a password opened is kept out from its next request on, owners'
 *       aside: a broken provider must not lock everybody out.
 * </ul>
 *
 * Out of scope: SAML, SCIM, signing out at the provider. Why it is so: ADR 9.
 */
@NullMarked
package com.cognitionos.sso.boundary;

import org.jspecify.annotations.NullMarked;
