/** The books, read only. */
@NullMarked
package com.cognitionos.ledger.rest;

import org.jspecify.annotations.NullMarked;
