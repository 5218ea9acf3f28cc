/** What a tenant has with us: its balance and its prepaid credits. */
@NullMarked
package com.cognitionos.credit.rest;

import org.jspecify.annotations.NullMarked;
