/**
 * Who is a person: users, how they sign in, their sessions, and the tenants and the platform that they belong to.
 *
 * <ul>
 *   <li>IDE-1 A password is kept as Argon2id (19 MiB, 2 passes, 1 lane) and nothing else.
 *   <li>IDE-2 An unknown e-mail address gets the same answer as a wrong password, for the same work.
 *   <li>IDE-3 A password has 12 to 128 characters, is not made of what everybody tries (the commonest, common words, rows of keys,
 *       counting, the person's own name or address) and obeys no other rules.
 *   <li>IDE-4 A session lives in the database, ends after 30 minutes of silence or 12 hours, or when somebody ends it;
 *       changing the password or the second factor ends all others.
 *   <li>IDE-5 From the fifth wrong guess in a row an account rests for 1, 2, 4 … 60 seconds, whether there is such an
 *       account or not; one wrong guess is forgotten every ten minutes. A place (an IPv4 address, an IPv6 /64) has twenty
 *       wrong guesses in any 15 minutes. Guesses are counted before they are looked at, on all nodes together.
 *   <li>IDE-6 The second factor is TOTP (SHA-1, 6 digits, 30 s, one step off at most), each code good once, its secret
 *       sealed; ten recovery codes of 80 bits stand in for it, each good once.
 *   <li>IDE-7 Asking for a new password says the same and takes as long whether there is an account or not. The link is
 *       good for an hour and once. People hear by mail of each change to their credentials.
 *   <li>IDE-8 An invitation is a link that is good for seven days and once, for one address. Only owners (or the platform)
 *       make, change or remove owners; a tenant keeps an owner, the platform an operator. An address gets five such mails
 *       an hour from one tenant.
 *   <li>IDE-9 Members and open invitations together never exceed the plan's seats or the tenant's max_users.
 *   <li>IDE-10 Signing up says the same and takes as long whether the address has an account or not; the mail tells. Its link
 *       is good for 24 hours and once, and there is no account before. Three mails an hour go to one address, thirty
 *       sign-ups an hour come from one place.
 * </ul>
 *
 * Of a link or a recovery code only a MAC is stored. All of it is in real time, also for a test tenant.
 */
@NullMarked
package com.cognitionos.identity.boundary;

import org.jspecify.annotations.NullMarked;
