/** What the jobs of all components share. */
@NullMarked
package com.cognitionos.kernel.batch;

import org.jspecify.annotations.NullMarked;
