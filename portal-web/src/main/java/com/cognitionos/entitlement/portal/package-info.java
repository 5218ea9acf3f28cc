/** What a month's overage may cost. */
@NullMarked
package com.cognitionos.entitlement.portal;

import org.jspecify.annotations.NullMarked;
