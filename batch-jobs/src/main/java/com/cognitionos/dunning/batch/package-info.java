/** Takes the steps of dunning as they fall due for live tenants. */
@NullMarked
package com.cognitionos.dunning.batch;

import org.jspecify.annotations.NullMarked;
