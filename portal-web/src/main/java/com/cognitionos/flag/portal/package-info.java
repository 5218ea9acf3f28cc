/** Feature flags, for those who run the platform. */
@NullMarked
package com.cognitionos.flag.portal;

import org.jspecify.annotations.NullMarked;
