/**
 * How a tenant comes to be: by the operator or by signing up.
 *
 * <ul>
 *   <li>ONB-1 A tenant, its clock if it is a test tenant, and its subscription begin together or not at all.
 *   <li>ONB-2 Signing up leads by a mail to its address; who follows the link becomes the owner.
 *   <li>ONB-4 Who is to own a tenant that the operator opens gets an invitation.
 *   <li>ONB-3 The demo world is a small believable past: it is told once, to an empty database.
 *   <li>ONB-5 A start waits for the database where it is told to, and nobody is served before.
 * </ul>
 */
@NullMarked
package com.cognitionos.onboarding.boundary;

import org.jspecify.annotations.NullMarked;
