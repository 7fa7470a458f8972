//! Checking versions against constraints, with the reasons for a refusal.
//!
//! Restates Masterminds/semver v3.5.0 `constraints.go`. Not here: reading the constraints.

use std::cmp::Ordering;
use std::fmt;

use crate::constraint_parse::{Condition, ConstraintError, Operator, parse};
use crate::semver::{Version, compare_prerelease};

/// Alternatives (`||`) of conditions that must all hold.
#[derive(Clone, Debug)]
pub struct Constraints {
    alternatives: Vec<Vec<Condition>>,
    /// Whether prereleases may satisfy conditions that name none.
    pub include_prerelease: bool,
}

impl Constraints {
    /// Reads constraints.
    pub fn parse(text: &str) -> Result<Self, ConstraintError> {
        Ok(Self { alternatives: parse(text)?, include_prerelease: false })
    }

    /// Whether the version satisfies one alternative wholly.
    pub fn check(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|conditions| {
            let prerelease = self.takes_prereleases(conditions);
            conditions.iter().all(|c| c.check(version, prerelease).is_ok())
        })
    }

    /// Like [`Constraints::check`], with the reason of each condition that fails, of every
    /// alternative.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut told_of_prerelease = false;
        for conditions in &self.alternatives {
            let before = reasons.len();
            let mut holds = true;
            let prerelease = self.takes_prereleases(conditions);
            for condition in conditions {
                if !prerelease && !version.pre.is_empty() {
                    holds = false;
                    if !told_of_prerelease {
                        told_of_prerelease = true;
                        reasons.push(refuse_prerelease(version));
                    }
                } else if let Err(reason) = condition.check(version, prerelease) {
                    reasons.push(reason);
                }
            }
            if holds && reasons.len() == before {
                return Ok(());
            }
        }
        Err(reasons)
    }

    /// A condition that names a prerelease opens its whole alternative to prereleases.
    fn takes_prereleases(&self, conditions: &[Condition]) -> bool {
        self.include_prerelease || conditions.iter().any(|c| !c.version.pre.is_empty())
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, conditions) in self.alternatives.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { " || " })?;
            for (j, condition) in conditions.iter().enumerate() {
                f.write_str(if j == 0 { "" } else { " " })?;
                write!(f, "{}{}", condition.sign, condition.written)?;
            }
        }
        Ok(())
    }
}

fn refuse_prerelease(version: &Version) -> String {
    format!(
        "\"{version}\" is a prerelease version and the constraint is only looking for release \
         versions"
    )
}

impl Condition {
    /// Whether the version satisfies this condition, or why not.
    fn check(&self, version: &Version, prerelease: bool) -> Result<(), String> {
        if !version.pre.is_empty() && !prerelease {
            return Err(refuse_prerelease(version));
        }
        let order = version.compare(&self.version);
        match self.operator {
            Operator::TildeOrEqual if self.open => self.check_tilde(version),
            Operator::TildeOrEqual => self.require(order.is_eq(), version, "is not equal to"),
            Operator::NotEqual => self.require(self.differs_from(version), version, "is equal to"),
            Operator::Greater => {
                self.require(self.is_below(version), version, "is less than or equal to")
            }
            Operator::Less => self.require(order.is_lt(), version, "is greater than or equal to"),
            Operator::GreaterOrEqual => self.require(order.is_ge(), version, "is less than"),
            Operator::LessOrEqual => {
                self.require(self.is_not_below(version), version, "is greater than")
            }
            Operator::Tilde => self.check_tilde(version),
            Operator::Caret => self.check_caret(version),
        }
    }

    fn require(&self, holds: bool, version: &Version, otherwise: &str) -> Result<(), String> {
        if holds { Ok(()) } else { Err(format!("\"{version}\" {otherwise} \"{}\"", self.written)) }
    }

    /// `!=`, where an open part stands for every number.
    fn differs_from(&self, version: &Version) -> bool {
        let mine = &self.version;
        if self.open {
            if mine.major != version.major {
                return true;
            }
            if self.minor_open {
                return false;
            }
            if mine.minor != version.minor {
                return true;
            }
            if self.patch_open {
                return compare_prerelease(&version.pre, &mine.pre).is_ne();
            }
            if mine.patch != version.patch {
                return true;
            }
        }
        version.compare(mine).is_ne()
    }

    /// `>`: with an open part, the version must leave the whole range behind.
    fn is_below(&self, version: &Version) -> bool {
        let mine = &self.version;
        if self.open {
            match version.major.cmp(&mine.major) {
                Ordering::Greater => return true,
                Ordering::Less => return false,
                Ordering::Equal if self.minor_open => return false,
                Ordering::Equal if self.patch_open => return version.minor > mine.minor,
                Ordering::Equal => {}
            }
        }
        version.compare(mine).is_gt()
    }

    /// `<=`: with an open part, the whole range is included.
    fn is_not_below(&self, version: &Version) -> bool {
        let mine = &self.version;
        if !self.open {
            return version.compare(mine).is_le();
        }
        version.major < mine.major
            || version.major == mine.major && (self.minor_open || version.minor <= mine.minor)
    }

    /// `~`: the same minor version, from this one on; with the minor open, the same major.
    fn check_tilde(&self, version: &Version) -> Result<(), String> {
        let mine = &self.version;
        self.require(version.compare(mine).is_ge(), version, "is less than")?;
        let zero = (mine.major, mine.minor, mine.patch) == (0, 0, 0);
        // `~0.0.0` and `*` take everything from there on.
        if zero && !self.minor_open && !self.patch_open {
            return Ok(());
        }
        self.require(version.major == mine.major, version, "does not have same major version as")?;
        self.require(
            version.minor == mine.minor || self.minor_open,
            version,
            "does not have same major and minor version as",
        )
    }

    /// `^`: no change in the leftmost number that is not 0.
    fn check_caret(&self, version: &Version) -> Result<(), String> {
        let mine = &self.version;
        self.require(version.compare(mine).is_ge(), version, "is less than")?;
        let same_major = version.major == mine.major;
        self.require(same_major, version, "does not have same major version as")?;
        if mine.major > 0 || self.minor_open {
            return Ok(());
        }
        if mine.minor > 0 || self.patch_open {
            if version.minor == mine.minor {
                return Ok(());
            }
            return Err(format!(
                "\"{version}\" does not have same minor version as \"{}\". Expected minor \
                 versions to match when constraint major version is 0",
                self.written
            ));
        }
        self.require(version.minor == 0, version, "does not have same minor version as")?;
        if version.patch == mine.patch {
            return Ok(());
        }
        Err(format!(
            "\"{version}\" does not equal \"{}\". Expect version and constraint to equal when \
             major and minor versions are 0",
            self.written
        ))
    }
}
