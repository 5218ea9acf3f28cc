/** Notices whose usage has reached something. */
@NullMarked
package com.cognitionos.alert.batch;

import org.jspecify.annotations.NullMarked;
