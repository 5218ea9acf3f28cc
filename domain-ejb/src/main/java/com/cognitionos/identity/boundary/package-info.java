/**
 * Who is a person: users, their passwords and the tenants that they belong to.
 *
 * <ul>
 *   <li>IDE-1 A password is kept as Argon2id (19 MiB, 2 passes, 1 lane) and nothing else.
 *   <li>IDE-2 An unknown e-mail address takes as long as a wrong password and gets the same answer.
 *   <li>IDE-3 A password has 12 to 128 characters and is not one of the commonest; there are no other rules.
 * </ul>
 *
 * Out of scope here: invitations, second factors, password reset.
 */
@NullMarked
package com.cognitionos.identity.boundary;

import org.jspecify.annotations.NullMarked;
