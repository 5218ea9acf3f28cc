/** The home page: the plan and what it comes to. */
@NullMarked
package com.cognitionos.subscription.portal;

import org.jspecify.annotations.NullMarked;
