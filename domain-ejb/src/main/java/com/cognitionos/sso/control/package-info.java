@NullMarked
package com.cognitionos.sso.control;

import org.jspecify.annotations.NullMarked;
