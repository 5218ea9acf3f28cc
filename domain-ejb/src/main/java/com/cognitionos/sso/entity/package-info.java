@NullMarked
package com.cognitionos.sso.entity;

import org.jspecify.annotations.NullMarked;
