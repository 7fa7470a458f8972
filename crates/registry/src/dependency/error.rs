//! What can go wrong with a chart's dependencies; the words are Helm's.

use helm::chart::LoadError;

/// A failure to list or fill a chart's dependencies.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// There is no such chart.
    #[error("could not find {path}: stat {path}: {reason}")]
    NoChart {
        /// The chart's path.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// The chart is an archive.
    #[error("only unpacked charts can be updated")]
    Packed,
    /// The chart itself, or one next to it, cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A chart that should be in `charts/` cannot be loaded.
    #[error("unable to load chart '{path}'")]
    LoadLocal {
        /// Where it should be.
        path: String,
        /// Why.
        source: LoadError,
    },
    /// The lock is older than Chart.yaml.
    #[error(
        "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). \
         Please update the dependencies with 'helm dependency update'"
    )]
    OutOfSync,
    /// The lock of an old chart is older than its requirements.
    #[error(
        "the lock file (requirements.lock) is out of sync with the dependencies file \
         (requirements.yaml). Please update the dependencies"
    )]
    OldOutOfSync,
    /// Repositories that the lock names and nobody added.
    #[error("no repository definition for {0}. Please add the missing repos via 'helm repo add'")]
    MissingRepositories(String),
    /// Repositories that Chart.yaml names by alias and nobody added.
    #[error("no repository definition for {0}. Please add them via 'helm repo add'")]
    UnknownAliases(String),
    /// Repositories that are neither addresses nor aliases.
    #[error(
        "no repository definition for {0}. Please add them via 'helm repo add'\n\
         Note that repositories must be URLs or aliases. For example, to refer to the \"example\"\n\
         repository, use \"https://charts.example.com/\" or \"@example\" instead of\n\
         \"example\". Don't forget to add the repo, too ('helm repo add')."
    )]
    NotRepositories(String),
    /// A `file://` repository that is not there.
    #[error("directory {0} not found")]
    NoDirectory(String),
    /// A version that is no constraint.
    #[error("dependency {} has an invalid version/constraint format: {reason}", strconv::quote(.name.as_bytes()))]
    Constraint {
        /// The dependency.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A version of a chart next to this one that is no constraint.
    #[error("dependency {name} has an invalid version/constraint format: {reason}")]
    LocalConstraint {
        /// The dependency.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No index for the repository.
    #[error("no cached repository for {0} found. (try 'helm repo update')")]
    NoCachedIndex(String),
    /// The repository does not have the chart.
    #[error("{chart} chart not found in repo {repository}")]
    NoChartInRepository {
        /// The chart's name.
        chart: String,
        /// The repository.
        repository: String,
    },
    /// The registry's tags cannot be listed.
    #[error("could not retrieve list of tags for repository {0}")]
    Tags(String),
    /// No version satisfies the constraint.
    #[error(
        "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version \
         exists in the repo, or change the version constraint in Chart.yaml", .0.len(), .0.join(", ")
    )]
    NoVersions(Vec<String>),
    /// A chart next to this one has another version than wanted.
    #[error("can't get a valid version for dependency {0}")]
    NoLocalVersion(String),
    /// A chart in `charts/` has another version than wanted.
    #[error("dependency {name} at version {version} does not satisfy the constraint {constraint}")]
    WrongLocalVersion {
        /// The dependency.
        name: String,
        /// Its version.
        version: String,
        /// What is wanted.
        constraint: String,
    },
    /// `charts` is a file.
    #[error("{0:?} is not a directory")]
    NotADirectory(String),
    /// The repository's index does not have the chart.
    #[error("could not find : {0}")]
    NotFound(&'static str),
    /// A repository that nobody added does not have the chart.
    #[error("could not find : chart {chart} not found in {repository}")]
    NotFoundAt {
        /// The chart's name.
        chart: String,
        /// The repository.
        repository: String,
    },
    /// A download that failed.
    #[error("could not download {0}")]
    Download(String),
    /// A chart next to this one cannot be packed.
    #[error("{0}")]
    Pack(String),
    /// The lock file is a link.
    #[error("the {name} file is a symlink to {target:?}")]
    LinkedLock {
        /// Its name.
        name: &'static str,
        /// Where it leads.
        target: String,
    },
}
