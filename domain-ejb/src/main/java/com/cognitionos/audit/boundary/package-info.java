/** What was done, by whom and from where: append-only, chained, in the same transaction. */
@NullMarked
package com.cognitionos.audit.boundary;

import org.jspecify.annotations.NullMarked;
