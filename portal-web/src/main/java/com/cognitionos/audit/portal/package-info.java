/** The audit log, to read, to check and to take away. */
@NullMarked
package com.cognitionos.audit.portal;

import org.jspecify.annotations.NullMarked;
