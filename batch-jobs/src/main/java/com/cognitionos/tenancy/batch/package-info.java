/** Takes test clocks to where they were sent. */
@NullMarked
package com.cognitionos.tenancy.batch;

import org.jspecify.annotations.NullMarked;
