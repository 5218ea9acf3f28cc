/** The audit log: reading, checking, taking it away. */
@NullMarked
package com.cognitionos.audit.rest;

import org.jspecify.annotations.NullMarked;
