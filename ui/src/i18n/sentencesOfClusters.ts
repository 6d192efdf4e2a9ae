/** What is said of clusters, and of Spark on them. */
export const SENTENCES_OF_CLUSTERS: [server: string, french: string][] = [
  [
    'The application that the platform runs on Spark is missing: {0}; in a checkout build it with ./mvnw -pl spark -DskipTests package, or set {1} to it',
    "L'application que la plateforme exécute sur Spark manque : {0} ; dans les sources, construisez-la avec ./mvnw -pl spark -DskipTests package, ou indiquez-la par {1}",
  ],
  [
    "There are several clusters, {0}; say which: cluster in the model's header, the DAG's file or ecluse.yaml, or --cluster NAME",
    "Il y a plusieurs clusters, {0} ; dites lequel : cluster dans l'en-tête du modèle, le fichier du DAG ou ecluse.yaml, ou --cluster NOM",
  ],
  ['The platform is being closed', 'La plateforme est en cours de fermeture'],
  [
    'The door for applications on clusters cannot be opened at {0}: {1}; look at address of the cluster in ecluse.yaml',
    "La porte des applications des clusters ne peut pas s'ouvrir à {0} : {1} ; voir address du cluster dans ecluse.yaml",
  ],
  ['The application on cluster {0} has ended before its work was done{1}. All that it said is in {2}', "L'application sur le cluster {0} s'est arrêtée avant la fin de son travail{1}. Tout ce qu'elle a dit est dans {2}"],
  ['The application on cluster {0} {1}: {2}; {3}. All that it said is in {4}', "L'application sur le cluster {0} : {1} : {2} ; {3}. Tout ce qu'elle a dit est dans {4}"],
  ['had not enough memory', "n'a pas eu assez de mémoire"],
  ['is of another version', "est d'une autre version"],
  ['was not taken by its queue', "n'a pas été prise par sa file d'attente"],
  ['asks for more memory than the cluster has for one application', "demande plus de mémoire que le cluster n'en a pour une application"],
  ['does not reach its cluster', "n'atteint pas son cluster"],
  ['is not let in', "n'est pas admise"],
  [
    'give it more (memory, executor_memory) in clusters.{0} of ecluse.yaml, or have fewer tasks at once (parallel)',
    'donnez-lui-en plus (memory, executor_memory) sous clusters.{0} de ecluse.yaml, ou moins de tâches à la fois (parallel)',
  ],
  [
    'the machines of cluster {0} need Spark {1} for Scala {2} and Java 17, as this platform has',
    'les machines du cluster {0} ont besoin de Spark {1} pour Scala {2} et de Java 17, comme cette plateforme',
  ],
  ['name one that exists and has room as queue in clusters.{0} of ecluse.yaml', 'nommez-en une qui existe et a de la place par queue sous clusters.{0} de ecluse.yaml'],
  ['ask for less (memory, executor_memory) in clusters.{0} of ecluse.yaml', 'demandez-en moins (memory, executor_memory) sous clusters.{0} de ecluse.yaml'],
  [
    'look whether the address in clusters.{0} of ecluse.yaml is right and the cluster runs',
    "regardez si l'adresse sous clusters.{0} de ecluse.yaml est juste et si le cluster tourne",
  ],
  ['look at who may use cluster {0}, and sign in anew if a ticket has run out', "regardez qui peut utiliser le cluster {0}, et identifiez-vous à nouveau si un ticket a expiré"],
  ['The application for cluster {0} could not be started: {1}', "L'application du cluster {0} n'a pas pu démarrer : {1}"],
  ['Spark was being fetched', 'Spark était en cours de téléchargement'],
  [
    "Spark's {0} cannot be fetched from {1}: {2}; set SPARK_HOME to a distribution of Spark {3}, or {4} to a repository that can be reached",
    'Le fichier {0} de Spark ne peut pas être téléchargé de {1} : {2} ; indiquez une distribution de Spark {3} par SPARK_HOME, ou un dépôt accessible par {4}',
  ],
  [
    '{0} from {1} is not what this platform was built with: its SHA-256 is {2}, not {3}; look at who answers there',
    "{0} de {1} n'est pas ce avec quoi cette plateforme a été construite : son SHA-256 est {2}, et non {3} ; regardez qui répond là",
  ],
  ['Spark could not be brought into {0}: {1}', "Spark n'a pas pu être placé dans {0} : {1}"],
  ['The query has more than the {0} rows that a query on Spark may hand over', 'La requête a plus de lignes que les {0} qu’une requête sur Spark peut rendre'],
  ['The job took more than a day', 'Le travail a pris plus d’un jour'],
  ['Job {0} is gone', 'Le travail {0} a disparu'],
  ["The master of a standalone cluster is spark://HOST:PORT, but got '{0}'", "Le maître d'un cluster standalone est spark://HÔTE:PORT, mais on a « {0} »"],
  ['take it from the page of the master', 'prenez-la sur la page du maître'],
  ['The master of cluster {0} does not answer at {1}: {2}; start it, or mend master in clusters.{0} of ecluse.yaml', 'Le maître du cluster {0} ne répond pas à {1} : {2} ; démarrez-le, ou corrigez master sous clusters.{0} de ecluse.yaml'],
  [
    "hadoop_conf_dir of cluster {0} must be a folder with the cluster's yarn-site.xml, but there is none in {1}",
    "hadoop_conf_dir du cluster {0} doit être un dossier avec le yarn-site.xml du cluster, mais il n'y en a pas dans {1}",
  ],
  [
    'The resource manager of cluster {0} does not answer at {1}; start it, or mend hadoop_conf_dir in clusters.{0} of ecluse.yaml',
    'Le gestionnaire de ressources du cluster {0} ne répond pas à {1} ; démarrez-le, ou corrigez hadoop_conf_dir sous clusters.{0} de ecluse.yaml',
  ],
  ['YARN of cluster {0} refuses what is asked of it: {1}; look at who may use it', 'Le YARN du cluster {0} refuse ce qui lui est demandé : {1} ; regardez qui peut l’utiliser'],
  [
    'Spark could not be brought to the store of cluster {0}: {1}; look whether its HDFS runs and lets us write into our home folder, or say in conf where Spark is there already (spark.yarn.jars)',
    'Spark n’a pas pu être porté au stockage du cluster {0} : {1} ; regardez si son HDFS tourne et laisse écrire dans notre dossier personnel, ou dites par conf où Spark s’y trouve déjà (spark.yarn.jars)',
  ],
  ['Waiting for YARN was interrupted', 'L’attente de YARN a été interrompue'],
  ['The application on cluster {0} has never come to YARN', 'L’application du cluster {0} n’est jamais arrivée chez YARN'],
  ['YARN of cluster {0} does not know {1} any more', 'Le YARN du cluster {0} ne connaît plus {1}'],
  [
    'Queue {0} of cluster {1} had no room for the application within {2} s: {3}; free some, name another queue, ask for less (memory, executors, executor_memory), or wait for longer (room) in clusters.{1} of ecluse.yaml',
    'La file {0} du cluster {1} n’a pas eu de place pour l’application en {2} s : {3} ; libérez-en, nommez une autre file, demandez moins (memory, executors, executor_memory) ou attendez plus longtemps (room) sous clusters.{1} de ecluse.yaml',
  ],
  [
    'Cluster {0} had no room for the work within {1} s: {2}; free some, ask for less (executor_memory, cores), or wait for longer (room) in clusters.{0} of ecluse.yaml',
    'Le cluster {0} n’a pas eu de place pour le travail en {1} s : {2} ; libérez-en, demandez moins (executor_memory, cores) ou attendez plus longtemps (room) sous clusters.{0} de ecluse.yaml',
  ],
  ['was killed by somebody', 'a été tuée par quelqu’un'],
  ['ask who may use cluster {0}', 'demandez qui peut utiliser le cluster {0}'],
  ['is not let in by the store of the tables', 'n’est pas admise par le stockage des tables'],
  ['look at the keys or the role that the machines of cluster {0} have', 'regardez les clés ou le rôle qu’ont les machines du cluster {0}'],
  [
    "The store of the tables does not let Spark in ({0}); look at the keys or the role that the cluster's machines have",
    'Le stockage des tables n’admet pas Spark ({0}) ; regardez les clés ou le rôle qu’ont les machines du cluster',
  ],
  ['{0} (the tables are at {1})', '{0} (les tables sont à {1})'],
  [
    'Executors were lost again and again over the same task: {0}; look at the logs of the machines, and whether they have memory enough (executor_memory)',
    'Des exécuteurs ont été perdus encore et encore pour la même tâche : {0} ; regardez les journaux des machines, et si elles ont assez de mémoire (executor_memory)',
  ],
];
